Attribute VB_Name = "Ribbon"
' What the buttons of the group "xlsales" do. Excel hands over an IRibbonControl; As Object needs no reference.
Option Explicit

' Connect to Python anew if that failed or stopped, and calculate everything.
Public Sub XlsalesRefresh(control As Object)
    Connection.Renew
    Application.CalculateFull
End Sub

' Versions, the state of the connection, and where the settings and the log are.
Public Sub XlsalesAbout(control As Object)
    MsgBox Connection.Report(), vbInformation, "xlsales"
End Sub
