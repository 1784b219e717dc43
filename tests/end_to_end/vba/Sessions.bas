Attribute VB_Name = "Sessions"
' A person's day with Excel.
Option Explicit

Public Sub Start(addin, person)
    InLibreOffice.IsAddin = addin
    InLibreOffice.Attended = person
    InLibreOffice.Calculations = 0
    Connection.Forget
End Sub

Public Sub PlannerRefresh()
    XlsalesPlannerRefresh Nothing
End Sub

Public Sub PlannerAbout()
    XlsalesPlannerAbout Nothing
End Sub

Public Sub AddinRefresh()
    XlsalesAddinRefresh Nothing
End Sub

Public Sub AddinAbout()
    XlsalesAddinAbout Nothing
End Sub

' The workbook in front, with a button of its own pressed; what came of it.
Public Function PressedIn(front, macrosDisabled, button)
    Dim before As Long
    Dim nothingLeft As String
    InLibreOffice.InFront = front
    If front = "this one" Then InLibreOffice.InFront = ThisWorkbook.Name
    InLibreOffice.WithoutMacros = macrosDisabled
    before = InLibreOffice.Calculations
    nothingLeft = InLibreOffice.Heard()
    Select Case button
        Case "planner's Refresh": XlsalesPlannerRefresh Nothing
        Case "planner's About": XlsalesPlannerAbout Nothing
        Case "add-in's Refresh": XlsalesAddinRefresh Nothing
    End Select
    PressedIn = (InLibreOffice.Calculations - before) & " calculated. " & InLibreOffice.Heard()
    InLibreOffice.InFront = ""
End Function
