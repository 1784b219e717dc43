Attribute VB_Name = "Activation"
' In the place of ours, which needs Windows: Python is an object that the test hands in.
Option Explicit

Public Attempts As Long

Private handedIn As Object

Public Sub HandIn(bridge As Object)
    Set handedIn = New StandIn
    Set handedIn.Bridge = bridge
End Sub

' The next calls that Python does not survive.
Public Sub Lose(count)
    handedIn.Losses = count
End Sub

' A server that writes into what it was given, and stops.
Public Sub LoseAfterWriting()
    handedIn.WritesBack = True
    handedIn.Losses = 1
End Sub

Public Sub TakeAway()
    Set handedIn = Nothing
    Connection.Release
End Sub

Public Function Server(ByRef problem As String) As Object
    Attempts = Attempts + 1
    If handedIn Is Nothing Then problem = "Nothing was handed in."
    Set Server = handedIn
End Function

Public Sub Lost()
End Sub

Public Function Details() As String
    Details = "Details."
End Function
